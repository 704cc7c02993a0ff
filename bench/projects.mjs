// The same hello application as a project of Goblet's and of serverless-offline's, each in a folder of its own.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Goblet's: also what the services are measured with. */
export function gobletProject(folder) {
  mkdirSync(folder, { recursive: true })
  const edit = (word) =>
    writeFileSync(
      join(folder, 'app.ts'),
      `import { app, route } from 'goblet'
export default app('bench')
export const hello = route('GET /hello', () => ({ hello: '${word}' }))
`,
    )
  writeFileSync(join(folder, 'package.json'), '{ "name": "bench-app", "type": "module" }\n')
  edit('world')
  const command = join(here, '..', 'dist', 'cli', 'main.js')
  return {
    edit,
    file: process.execPath,
    args: [command, 'dev', '--json', '--port', '0', '--aws-port', '0'],
    cwd: folder,
  }
}

/** serverless-offline's, with its defaults: handlers in worker threads, and no reloading. */
export function offlineProject(folder, port) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'handler.js'),
    `exports.hello = async () => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ hello: 'world' }),
})
`,
  )
  writeFileSync(join(folder, 'package.json'), '{ "name": "bench-app" }\n')
  writeFileSync(
    join(folder, 'serverless.yml'),
    `service: bench
frameworkVersion: '3'
provider: { name: aws, runtime: nodejs20.x }
functions:
  hello: { handler: handler.hello, events: [{ httpApi: { method: get, path: /hello } }] }
plugins: [serverless-offline]
custom:
  serverless-offline: { httpPort: ${port}, lambdaPort: ${port + 1}, host: 127.0.0.1 }
`,
  )
  symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'))
  const command = join(here, 'node_modules', 'serverless', 'bin', 'serverless.js')
  return { file: process.execPath, args: [command, 'offline'], cwd: folder }
}
