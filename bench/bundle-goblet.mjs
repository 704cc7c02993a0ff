// Bundles an app of the cold-start benchmark as Goblet's own build does; prints the entry's path and its bytes. Needs tsx.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBuild } from '../src/build/index.ts'

const APP = `import { app, route } from 'goblet'
export default app('bench')
export const hello = route('GET /hello', () => ({ hello: 'world' }))
`
const ITEM = `export const item = route('POST /items/{id}', ({ params, json }) => ({ id: params.id, ...json }))
`

// `hello` is what the bar of 10,000 bytes is for; `both` has the routes that the other entries have. Build leaves out of each
// what its app does not use.
const [root, which] = process.argv.slice(2)
const both = which === 'both'
mkdirSync(root, { recursive: true })
writeFileSync(join(root, 'package.json'), '{ "name": "bench-app", "type": "module" }')
writeFileSync(join(root, 'app.ts'), both ? APP + ITEM : APP)
const build = await openBuild({ root, entry: 'app.ts', outdir: join(root, 'build') })
await build.discover()
const { functions } = await build.bundle([
  { name: 'api', trigger: 'http', exports: both ? ['hello', 'item'] : ['hello'] },
])
const { entry, bytes } = functions.get('api')
await build.close()
console.log(JSON.stringify({ entry, bytes }))
process.exit(0)
