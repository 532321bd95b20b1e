// A reporter of Vitest: says at the end which files took longest, with what comes before their first test.
const SHOWN = 10;

export default class Slowest {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    const files = modules.map((module) => {
      const { collectDuration, duration } = module.diagnostic();
      return { name: module.relativeModuleId, seconds: (collectDuration + duration) / 1000 };
    });
    const slowest = files.toSorted((one, other) => other.seconds - one.seconds).slice(0, SHOWN);
    const lines = slowest.map(({ name, seconds }) => `  ${seconds.toFixed(1).padStart(5)} s  ${name}\n`);
    process.stdout.write(`\nThe slowest files:\n${lines.join('')}\n`);
  }
}
