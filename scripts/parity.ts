// Writes docs/parity.md from the suites: npm run docs:parity
import { writeFileSync } from 'node:fs'
import { renderParity } from '../test/contract/parity.ts'

writeFileSync(new URL('../docs/parity.md', import.meta.url), renderParity())
