// How often tests of random input try: in CI as often as they say; elsewhere, where somebody waits, a fifth of it.

/** The rounds of a test of random input. */
export const rounds = (count: number): number => (process.env.CI === 'true' ? count : Math.ceil(count / 5))
