// Runs the check list against targets by both clients, and prints a column for each.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isInstalled, PEERS, type Running, startTarget } from '../support/peers.ts'
import list from './list.json' with { type: 'json' }

const CLIENTS = ['sdk', 'boto3'] as const
type Client = (typeof CLIENTS)[number]

interface Column {
  readonly title: string
  /** By the id of a check: what was wrong, or null. */
  readonly faults: ReadonlyMap<string, string | null>
}

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

async function drive(client: Client, endpoint: string, ids: readonly string[]): Promise<Column['faults']> {
  const [program, ...words] =
    client === 'sdk' ? [process.execPath, '--import', 'tsx', file('drive.ts')] : ['python3', file('checks.py')]
  const child = spawn(program, [...words, endpoint, ...ids], { stdio: ['ignore', 'pipe', 'pipe'] })
  const faults = new Map<string, string | null>()
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += String(chunk)
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { id, fault } = JSON.parse(line)
    faults.set(id, fault)
  }
  // Without results the reason is what the program said last.
  if (faults.size === 0) for (const id of ids) faults.set(id, errors.trim().split('\n').at(-1) ?? 'nothing was said')
  return faults
}

async function columnsOf(target: string, clients: readonly Client[], ids: readonly string[]): Promise<Column[]> {
  const running: Running = target.includes('://')
    ? { endpoint: target, stop: async () => {} }
    : await startTarget(PEERS.find((peer) => peer === target) ?? 'goblet')
  try {
    const columns: Column[] = []
    for (const client of clients)
      columns.push({ title: `${target} ${client}`, faults: await drive(client, running.endpoint, ids) })
    return columns
  } finally {
    await running.stop()
  }
}

function print(columns: readonly Column[], ids: readonly string[]): void {
  const wide = Math.max(...ids.map((id) => id.length))
  const row = (name: string, cells: readonly string[], title: string) =>
    console.log(
      `${name.padEnd(wide)}  ${cells.map((cell, at) => cell.padEnd(columns[at]?.title.length ?? 0)).join('  ')}  ${title}`,
    )
  row(
    '',
    columns.map(({ title }) => title),
    '',
  )
  const shown = list.filter(({ id }) => ids.includes(id))
  const isGood = ({ faults }: Column, id: string): boolean => faults.get(id) === null
  for (const { id, title } of shown)
    row(
      id,
      columns.map((column) => (isGood(column, id) ? '✓' : '✗')),
      title,
    )
  for (const service of [...new Set(ids.map((id) => id.split('-')[0] ?? '')), '']) {
    const own = ids.filter((id) => id.startsWith(service))
    const totals = columns.map((column) => `${own.filter((id) => isGood(column, id)).length} of ${own.length}`)
    row(service === '' ? 'all' : service, totals, '')
  }
}

/** The command. Ends with 1 when a check fails against goblet or a given URL; peers only have their columns printed. */
export async function runChecks(words: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { target: { type: 'string', multiple: true }, client: { type: 'string', multiple: true } },
  })
  const ids = positionals.length > 0 ? positionals : list.map(({ id }) => id)
  const clients = CLIENTS.filter((client) => values.client?.includes(client) ?? true)
  const here = PEERS.filter(isInstalled)
  const columns: Column[] = []
  for (const target of values.target ?? ['goblet', ...here]) columns.push(...(await columnsOf(target, clients, ids)))
  for (const peer of PEERS) if (!here.includes(peer)) console.log(`${peer} is not installed`)
  print(columns, ids)
  const counts = { passed: 0, failed: 0 }
  for (const { title, faults } of columns.filter((column) => !PEERS.some((peer) => column.title.startsWith(peer))))
    for (const id of ids) {
      const fault = faults.has(id) ? faults.get(id) : 'it did not run'
      counts[fault === null ? 'passed' : 'failed']++
      if (fault !== null) console.log(`\n✗ ${title} ${id}\n    ${fault}`)
    }
  console.log(`\n${counts.passed} passed, ${counts.failed} failed`)
  if (counts.failed > 0) process.exitCode = 1
}
