import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes long: started last, one of them alone would keep everybody waiting. `npm test` says which are the slowest. */
const LONG = [
  'server/bench/faults/broken.test.ts',
  'server/bench/faults/faults.test.ts',
  'server/mail/mailer.test.ts',
  'server/presence/nodes.test.ts',
  'server/limits/floods.test.ts',
  'server/cluster/endings.test.ts',
];

/** Those that take long first, then as Vitest has them: project by project, the larger files first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((file) => moduleId.endsWith(`/${file}`));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
