// Runs after every installation: Git hooks are for people who work on Co-Talk, who have everything installed.
try {
  const { default: husky } = await import('husky');
  process.stdout.write(husky());
} catch {
  // Installed without test tools.
}
