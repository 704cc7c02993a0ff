// Starts programs in a process group of their own, and reads what they and their children cost. CPU and memory need Linux's /proc.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { sleep } from './measure.mjs'

/** Starts a program; `line` is its first line of JSON on standard output, `stop` ends it and all its children. */
export function launch(file, args, { cwd, env = {} } = {}) {
  const began = performance.now()
  const child = spawn(file, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-4000)
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const line = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (text.startsWith('{')) resolve(JSON.parse(text))
    })
    ended.then((code) => reject(new Error(`${file} ${args.join(' ')} ended with ${code}:\n${said}`)))
  })
  // Not everybody waits for a line.
  line.catch(() => {})
  const stop = async () => {
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      try {
        process.kill(-child.pid, signal)
      } catch {
        return
      }
      await Promise.race([ended, sleep(2000)])
    }
  }
  return { pid: child.pid, began, line, ended, stop }
}

const read = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A process and all below it. */
function family(pid) {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ')
  return [pid, ...children.filter((child) => child !== '').flatMap((child) => family(Number(child)))]
}

// Linux counts the time of a process in hundredths of a second, with all its threads, also those that have ended.
const TICK = 10_000

/** Microseconds of CPU time that a process and its running children have used, in steps of 10,000. */
export function cpu(pid) {
  const ticks = family(pid).map((member) => {
    const fields = read(`/proc/${member}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ')
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
  })
  return ticks.reduce((sum, one) => sum + one, 0) * TICK
}

/** Resident memory of a process alone in megabytes, with its threads; `RssAnon` is without files that are mapped. */
export const residentOf = (pid, field = 'VmRSS') =>
  Number(new RegExp(`${field}:\\s*(\\d+)`).exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024

/** Resident memory of a process and its children in megabytes. What they share is counted for each. */
export const resident = (pid) => family(pid).reduce((sum, member) => sum + residentOf(member), 0)
