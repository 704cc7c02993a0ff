// The door of the local cloud.
export { type Clock, startClock } from './clock.ts'
export { type Cloud, type CloudOptions, readJournal, startCloud } from './cloud.ts'
export type { Outcome } from './invocation.ts'
export type { Code } from './invoker.ts'
export { type JournalEntry, toLines } from './journal.ts'
export { ACCOUNT, LOCAL_CREDENTIALS, REGION } from './service.ts'
export { readSpan } from './span.ts'
export { type Owner, readOwner } from './state.ts'
