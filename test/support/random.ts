// Random choices that are the same at every run: a property test that fails, fails again.

export interface Random {
  /** A whole number from 0 to `below - 1`. */
  whole(below: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
}

/** Mulberry32: small, and even enough to choose test data by. */
export function seeded(seed: number): Random {
  let state = seed
  const whole = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
  return { whole, pick: (choices) => choices[whole(choices.length)] ?? choices[0] }
}
