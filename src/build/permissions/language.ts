// The language as a whole: which file knows what of it.
import { apply, construct } from './calls.ts'
import { refine } from './declared-types.ts'
import { evaluate } from './expressions.ts'
import type { Language } from './machine.ts'
import { read, write } from './members.ts'
import { run, runStatements } from './statements.ts'

export const LANGUAGE: Language = { evaluate, run, apply, construct, read, write, statements: runStatements, refine }
