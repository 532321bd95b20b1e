import { OptionDefaults } from 'typedoc';

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Co-Talk',
  entryPoints: ['sdk/index.ts', 'sdk/cache.ts', 'sdk/protocol/index.ts', 'widget/index.ts'],
  tsconfig: 'tsconfig.docs.json',
  readme: 'README.md',
  projectDocuments: [
    'docs/architecture.md',
    'docs/adding-a-feature.md',
    'docs/sdk.md',
    'docs/identity.md',
    'docs/delivery.md',
    'docs/operations.md',
    'docs/performance.md',
    'docs/decisions/*.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
  ],
  out: 'docs/api',
  blockTags: [...OptionDefaults.blockTags, '@fires', '@slot', '@csspart', '@cssproperty', '@attr', '@element'],
  disableSources: true,
  // Links to folders are for readers of the repository.
  validation: { invalidPath: false },
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  treatWarningsAsErrors: true,
};
