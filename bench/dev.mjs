// `goblet dev` beside node:http and serverless-offline: start, requests per second, save → new answer, memory.
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { load } from './load.mjs'
import { figure, heading, interleaved, median, print, sleep } from './measure.mjs'
import { cpu, launch, resident } from './processes.mjs'
import { gobletProject, offlineProject } from './projects.mjs'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    edits: { type: 'string', default: '15' },
    seconds: { type: 'string', default: '2' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'goblet-dev-'))
const OFFLINE_PORT = 43_210
const quiet = { NODE_ENV: 'development', SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' }
const goblet = gobletProject(join(folder, 'goblet'))
const offline = offlineProject(join(folder, 'offline'), OFFLINE_PORT)
const plain = { file: process.execPath, args: [fileURLToPath(new URL('servers/plain.mjs', import.meta.url))] }

const SERVERS = [
  { name: 'node:http', ...plain, portOf: ({ port }) => port },
  { name: 'goblet dev', ...goblet, portOf: ({ http }) => Number(new URL(http).port) },
  // It says nothing that a program could wait for, so it gets a known port, which is asked until it answers.
  { name: 'serverless-offline', ...offline, port: OFFLINE_PORT },
]
const servers = positionals.length === 0 ? SERVERS : SERVERS.filter(({ name }) => positionals.includes(name))

const agent = new Agent({ keepAlive: true })

/** The body of GET /hello, or undefined when nobody answers with 200. */
function hello(port) {
  return new Promise((resolve) => {
    const request = get({ port, host: '127.0.0.1', path: '/hello', agent, timeout: 5000 }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text) => {
        body += text
      })
      response.on('end', () => resolve(response.statusCode === 200 ? body : undefined))
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(undefined))
  })
}

/** Milliseconds since `began` until the answer holds a word. */
async function until(port, word, began, limit) {
  while (performance.now() - began < limit) {
    if ((await hello(port))?.includes(word)) return performance.now() - began
    await sleep(2)
  }
  throw new Error(`No answer with "${word}" on port ${port} within ${limit} ms.`)
}

async function open(server) {
  const running = launch(server.file, server.args, { cwd: server.cwd, env: quiet })
  try {
    const port = server.port ?? server.portOf(await running.line)
    const ready = server.port === undefined ? performance.now() - running.began : undefined
    return { ...running, port, ready, first: await until(port, 'world', running.began, 60_000) }
  } catch (error) {
    await running.stop()
    throw error
  }
}

async function measureStart(results) {
  for (const { entry } of interleaved(servers, Number(flags.rounds))) {
    const { ready, first, stop } = await open(entry)
    await stop()
    const result = results.get(entry.name)
    if (ready !== undefined) result.ready.push(ready)
    result.first.push(first)
  }
}

async function measureLoad(results, running) {
  const ask = (port, seconds) => load({ port, path: '/hello', expected: 'world', milliseconds: seconds * 1000 })
  for (const { port } of running.values()) await ask(port, 1)
  for (const { entry } of interleaved(servers, Number(flags.rounds))) {
    const { pid, port } = running.get(entry.name)
    const before = cpu(pid)
    const rate = await ask(port, Number(flags.seconds))
    const result = results.get(entry.name)
    result.rate.push(rate)
    result.cost.push((cpu(pid) - before) / (rate * Number(flags.seconds)))
    result.memory = resident(pid)
  }
}

async function measureEdits(results, running) {
  const edited = servers.filter(({ edit }) => edit !== undefined)
  for (const { entry, round } of interleaved(edited, Number(flags.edits))) {
    const { port } = running.get(entry.name)
    const began = performance.now()
    entry.edit(`edit-${round}`)
    results.get(entry.name).edits.push(await until(port, `edit-${round}`, began, 10_000))
    // People do not save twice within a moment; what was set aside for the next change may be made ready again.
    await sleep(400)
  }
}

function report(results) {
  const limit = results.get(servers[0].name).rate
  const rows = servers.map(({ name }) => {
    const { ready, first, rate, cost, edits, memory } = results.get(name)
    const of = (values) => (values.length === 0 ? '–' : figure(median(values)))
    return {
      server: name,
      'ready ms': of(ready),
      'first response ms': of(first),
      'req/s': String(Math.round(median(rate))),
      ratio: figure(median(rate.map((one, round) => one / limit[round]))),
      'CPU µs/req': of(cost),
      'save → answer ms': of(edits),
      'slowest save': edits.length === 0 ? '–' : figure(Math.max(...edits)),
      'RSS MB': figure(memory),
    }
  })
  print(`${flags.rounds} rounds, ${flags.edits} edits, 16 connections`, rows)
}

const results = new Map(servers.map(({ name }) => [name, { ready: [], first: [], rate: [], cost: [], edits: [] }]))
const running = new Map()
try {
  await measureStart(results)
  for (const server of servers) running.set(server.name, await open(server))
  await measureLoad(results, running)
  await measureEdits(results, running)
  heading('A server for one hello route')
  report(results)
} finally {
  for (const { stop } of running.values()) await stop()
  agent.destroy()
  rmSync(folder, { recursive: true, force: true })
}
