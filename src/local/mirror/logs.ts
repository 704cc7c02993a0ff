// The logs of the app's functions, out of the journal, as CloudWatch Logs shows them.
import { createHash } from 'node:crypto'
import type { FunctionModel, Model } from '../../model/index.ts'
import { type JournalEntry, toWritten } from '../entries.ts'
import { logGroup } from '../environment.ts'
import type { Journal } from '../journal.ts'
import type { FunctionLogs, LogEvent } from '../services/logs/index.ts'

/** `model` is undefined until an app has been read. */
export function openFunctionLogs(journal: Journal, model: () => Model | undefined): FunctionLogs {
  const made = (group: string): FunctionModel | undefined => model()?.functions.find((one) => logGroup(one) === group)
  return {
    groups: () => (model()?.functions ?? []).map(logGroup),
    events: (group) => {
      const found = made(group)
      if (found === undefined) return []
      return journal.read({ function: found.name }).flatMap((entry, index) => toEvents(found, entry, index))
    },
    follow: (listener) => {
      let count = 0
      return journal.follow((entry) => {
        const found = model()?.functions.find(({ name }) => name === entry.function)
        if (found === undefined) return
        for (const event of toEvents(found, entry, count++)) listener(logGroup(found), event)
      })
    },
  }
}

// What a function says at once is one event, however many lines it has.
function toEvents(made: FunctionModel, entry: JournalEntry, index: number): LogEvent[] {
  const messages = entry.kind === 'log' ? [entry.text] : toWritten(entry, made.logs)
  const { time } = entry
  return messages.map((message, line) => {
    const id = `${String(time).padStart(16, '3')}${String(index).padStart(38, '0')}${String(line).padStart(2, '0')}`
    return { id, stream: streamOf(made, time), time, ingested: time, message: `${message}\n` }
  })
}

// One a day: the journal does not say which sandbox it was.
function streamOf({ physicalName }: FunctionModel, time: number): string {
  const day = new Date(time).toISOString().slice(0, 10).replaceAll('-', '/')
  return `${day}/[$LATEST]${createHash('md5').update(physicalName).digest('hex')}`
}
