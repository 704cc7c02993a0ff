// A process of its own that opens a state directory at every `open` line it reads, says whether it got it, and closes it at `close`.
import { createInterface } from 'node:readline'
import { openState, type State } from '../../src/local/state.ts'

const [directory = ''] = process.argv.slice(2)
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
let state: State | undefined

function open(): string {
  try {
    state = openState(directory)
    state.announce({ endpoint: 'http://127.0.0.1:4566', http: 'http://127.0.0.1:8000' })
    return 'mine'
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error)
  }
}

say('here')
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'open') say(open())
  else {
    await state?.close()
    state = undefined
    say('closed')
  }
}
