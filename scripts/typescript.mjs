// Lets Node run the repository's TypeScript, translated once for all processes of a test run: `node --import ./scripts/typescript.mjs`.
// tsx does the same for anybody's code, and looks at every module anew: 0.65 s of processor time to load the house, where this takes 0.45.
import { register } from 'node:module'

process.setSourceMapsEnabled(true)
register('./typescript-hooks.mjs', import.meta.url, { data: { folder: process.env.GOBLET_TEST_TRANSLATED } })
