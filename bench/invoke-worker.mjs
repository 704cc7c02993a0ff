// One entry in a process of its own: CPU time and heap bytes of one invocation in each scenario, printed as a line of JSON.
import assert from 'node:assert/strict'
import { PerformanceObserver } from 'node:perf_hooks'
import { CONTEXT, SCENARIOS, toEvents } from './events.mjs'
import { median, sleep } from './measure.mjs'

// Without names of scenarios: all of them.
const [entry, matching, ...only] = process.argv.slice(2)
const SLICE = 100_000 // microseconds of CPU time in one sample
const { build, caller } = await import(`./entries/${entry}.mjs`)

let collections = 0
new PerformanceObserver((list) => {
  collections += list.getEntries().length
}).observe({ entryTypes: ['gc'] })

// CPU time of the process, not wall time: being preempted on a shared machine then hardly matters.
function cpu() {
  const { user, system } = process.cpuUsage()
  return user + system
}

// Every call gets a shallow copy, because some frameworks write on the event; the same small cost for all.
async function sample(handler, events, microseconds) {
  const start = cpu()
  let count = 0
  do {
    for (let i = 0; i < 100; i++) await handler({ ...events[count++ % events.length] }, CONTEXT)
  } while (cpu() < start + microseconds)
  return ((cpu() - start) * 1000) / count
}

// Heap growth over some calls, retried with fewer whenever a collection fell into them.
async function heap(handler, events) {
  for (let calls = 1000; calls >= 50; calls = Math.floor(calls / 4)) {
    await sleep(5)
    globalThis.gc()
    await sleep(5)
    collections = 0
    const before = process.memoryUsage()
    for (let i = 0; i < calls; i++) await handler({ ...events[i % events.length] }, CONTEXT)
    const after = process.memoryUsage()
    await sleep(5)
    if (collections === 0) return (after.heapUsed + after.external - before.heapUsed - before.external) / calls
  }
  return undefined
}

async function check(handler, scenario, events) {
  for (const index of [0, events.length - 1]) {
    const { statusCode, body, isBase64Encoded } = await handler(structuredClone(events[index]), CONTEXT)
    assert.equal(statusCode, 200)
    const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body
    assert.deepEqual(JSON.parse(text), scenario.answer(index))
  }
}

const results = {}
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (only.length > 0 && !only.includes(name)) continue
  const events = toEvents(scenario, matching === 'catch-all', caller)
  const handler = await build(scenario.extra)
  await check(handler, scenario, events)
  // The first scenario also pays for compiling the whole framework.
  await sample(handler, events, name === 'static' ? 10 * SLICE : 3 * SLICE)
  const samples = []
  for (let i = 0; i < 5; i++) samples.push(await sample(handler, events, SLICE))
  results[name] = { nanoseconds: median(samples), bytes: await heap(handler, events) }
}
console.log(JSON.stringify(results))
process.exit(0)
