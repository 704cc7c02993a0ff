// One message to 1,000 WebSocket clients: `sendAll` of `goblet dev` beside a bare loop of `ws` and serverless-offline; and what held connections cost.
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { Agent, request as ask, createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { WebSocket, WebSocketServer } from 'ws'
import { figure, heading, interleaved, median, print, sleep } from './measure.mjs'
import { cpu, launch, residentOf } from './processes.mjs'
import { gobletProject } from './projects.mjs'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    clients: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    broadcasts: { type: 'string', default: '7' },
    hold: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '60' },
    server: { type: 'string' },
  },
})

// The limit: a process of its own that sends one prepared message to everybody in a loop.
if (flags.server !== undefined) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      for (const client of sockets.clients) client.send('hello')
      response.end('{}')
    })
  })
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
  await new Promise(() => {})
}

const APP = `import { app, route, websocket } from 'goblet'
export default app('bench')
export const line = websocket('line')
export const id = line.on('id', ({ connectionId }) => 'id:' + connectionId)
export const all = route('POST /all', { isolate: true, memory: 1024 }, ({ json }) => line.sendAll(json, 'hello'))
export const each = route('POST /each', { isolate: true, memory: 1024 }, ({ json }) => {
  delete process.env.GOBLET_WEBSOCKETS_BATCH
  return line.sendAll(json, 'hello')
})
`
const OFFLINE_PORT = 43_310
const here = fileURLToPath(new URL('.', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'goblet-websocket-'))
const agent = new Agent({ keepAlive: true, maxSockets: 16 })

function goblet() {
  const project = gobletProject(join(folder, 'goblet'))
  writeFileSync(join(project.cwd, 'app.ts'), APP)
  return project
}

// The handler only says its id; messages come from the client, 16 POSTs under way, which is how its users would measure it.
function offline() {
  const place = join(folder, 'offline')
  gobletProject(place)
  writeFileSync(
    join(place, 'handler.js'),
    "exports.id = async ({ requestContext }) => ({ statusCode: 200, body: 'id:' + requestContext.connectionId })\nexports.connect = async () => ({ statusCode: 200 })\n",
  )
  writeFileSync(join(place, 'package.json'), '{ "name": "bench-app" }\n')
  writeFileSync(
    join(place, 'serverless.yml'),
    `service: bench
frameworkVersion: '3'
provider: { name: aws, runtime: nodejs20.x }
functions:
  connect: { handler: handler.connect, events: [{ websocket: { route: $connect } }] }
  id: { handler: handler.id, events: [{ websocket: { route: id, routeResponseSelectionExpression: $default } }] }
plugins: [serverless-offline]
custom:
  serverless-offline: { httpPort: ${OFFLINE_PORT}, lambdaPort: ${OFFLINE_PORT + 1}, websocketPort: ${OFFLINE_PORT + 2}, host: 127.0.0.1 }
`,
  )
  if (!existsSync(join(place, 'node_modules'))) symlinkSync(join(here, 'node_modules'), join(place, 'node_modules'))
  const command = join(here, 'node_modules', 'serverless', 'bin', 'serverless.js')
  return { file: process.execPath, args: [command, 'offline'], cwd: place }
}

const post = (url, body) =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const asked = ask(url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      response.on('end', () =>
        response.statusCode < 300 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`)),
      )
    })
    asked.on('error', reject).end(body)
  })

const toGoblet = (name, path) => ({
  name,
  start: goblet,
  places: ({ http, websocket }) => ({ socket: websocket.includes('/dev') ? websocket : `${websocket}/dev`, http }),
  asksId: true,
  broadcast: async ({ http }, ids) => {
    const { sent } = JSON.parse(await post(http + path, JSON.stringify(ids)))
    if (sent !== ids.length) throw new Error(`Only ${sent} were reached.`)
  },
})

const SERVERS = [
  {
    name: 'ws, bare loop',
    start: () => ({ file: process.execPath, args: [fileURLToPath(import.meta.url), '--server', 'limit'] }),
    places: ({ port }) => ({ socket: `ws://127.0.0.1:${port}`, http: `http://127.0.0.1:${port}` }),
    broadcast: ({ http }) => post(http, ''),
  },
  toGoblet('goblet dev', '/all'),
  // As functions do it on AWS: a signed call for every connection.
  toGoblet('goblet dev, a call each', '/each'),
  {
    name: 'serverless-offline',
    start: offline,
    places: () => ({ socket: `ws://127.0.0.1:${OFFLINE_PORT + 2}`, http: `http://127.0.0.1:${OFFLINE_PORT + 2}` }),
    late: true,
    asksId: true,
    broadcast: async ({ http }, ids) => {
      const left = ids[Symbol.iterator]()
      const work = async () => {
        for (const id of left) await post(`${http}/@connections/${encodeURIComponent(id)}`, 'hello')
      }
      await Promise.all(Array.from({ length: 16 }, work))
    },
  },
]

/** Connects clients, 50 at a time; 10 where each needs a worker thread of its own. `heard` is called with every message that is no id. */
async function connect(server, places, count, heard) {
  const sockets = []
  const ids = []
  const one = () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(places.socket, { perMessageDeflate: false })
      sockets.push(socket)
      socket.on('error', reject)
      socket.on('open', () => (server.asksId ? socket.send('{"action":"id"}') : resolve()))
      socket.on('message', (data) => {
        const text = String(data)
        if (!text.startsWith('id:')) return heard()
        ids.push(text.slice(3))
        resolve()
      })
    })
  const step = server.late ? 10 : 50
  for (let made = 0; made < count; made += step)
    await Promise.all(Array.from({ length: Math.min(step, count - made) }, one))
  return {
    ids,
    close: () => {
      for (const socket of sockets) socket.terminate()
    },
  }
}

async function open(server) {
  const { file, args, cwd } = server.start()
  const running = launch(file, args, { cwd, env: { SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' } })
  if (!server.late) return { ...running, places: server.places(await running.line) }
  const places = server.places()
  for (;;) {
    const up = await post(`${places.http}/`, '').then(
      () => true,
      ({ code }) => code !== 'ECONNREFUSED',
    )
    if (up) return { ...running, places }
    await sleep(100)
  }
}

async function measure(server) {
  const { pid, places, stop } = await open(server)
  try {
    let left = 0
    let done
    const heard = () => {
      if (--left === 0) done()
    }
    const count = Number(flags.clients)
    const { ids, close } = await connect(server, places, count, heard)
    const rates = []
    const used = cpu(pid)
    for (let round = 0; round < Number(flags.broadcasts); round++) {
      left = count
      const all = new Promise((resolve) => {
        done = resolve
      })
      const began = performance.now()
      await Promise.all([server.broadcast(places, ids), all])
      rates.push((count * 1000) / (performance.now() - began))
    }
    const each = (cpu(pid) - used) / (rates.length * count)
    close()
    return { rate: median(rates), cpu: each }
  } finally {
    await stop()
  }
}

/** Memory of `goblet dev` while connections are held: before, when they are open, then every ten seconds. */
async function hold(count, seconds) {
  const server = SERVERS[1]
  const { pid, places, stop } = await open(server)
  try {
    const rows = [{ when: 'no connections', 'RSS MB': figure(residentOf(pid)) }]
    const { close } = await connect({ ...server, asksId: false }, places, count, () => {})
    for (let passed = 0; passed <= seconds; passed += 10) {
      rows.push({ when: `${count} for ${passed} s`, 'RSS MB': figure(residentOf(pid)) })
      await sleep(10_000)
    }
    close()
    print(`${count} connections held`, rows)
  } finally {
    await stop()
  }
}

heading('WebSocket')
try {
  if (Number(flags.hold) > 0) await hold(Number(flags.hold), Number(flags.seconds))
  else {
    const servers = positionals.length === 0 ? SERVERS : SERVERS.filter(({ name }) => positionals.includes(name))
    const results = new Map(servers.map(({ name }) => [name, []]))
    for (const { entry } of interleaved(servers, Number(flags.rounds)))
      results.get(entry.name).push(await measure(entry))
    const first = median(results.get(servers[0].name).map(({ rate }) => rate))
    print(
      `one message to ${flags.clients} clients`,
      servers.map(({ name }) => {
        const rate = median(results.get(name).map((one) => one.rate))
        const used = median(results.get(name).map((one) => one.cpu))
        return { server: name, 'messages/s': figure(rate), ratio: figure(rate / first), 'CPU µs each': figure(used) }
      }),
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
