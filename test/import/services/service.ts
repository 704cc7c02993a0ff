// A service of the Serverless Framework as a test has it: its files, what its import says, and how the app answers.
import type { TestCloud } from '../../../src/testing/index.ts'

export interface Using {
  readonly cloud: TestCloud
  readonly equal: (actual: unknown, expected: unknown) => void
}

export interface Service {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  /** What app.ts (or resources.ts) holds. */
  readonly app: readonly string[]
  /** How lines of the report begin: `outcome file:line subject: says`. */
  readonly report: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly stage?: string
  use?(using: Using): Promise<void>
}
