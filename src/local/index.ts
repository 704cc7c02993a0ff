// The door of the local cloud. What runs it is loaded when somebody starts one: most commands only ask.
import type { readExercised as readDone, readJournal as readWhole, startCloud as start } from './cloud.ts'

export { type Clock, startClock } from './clock.ts'
export type { Cloud, CloudOptions } from './cloud.ts'
export { type JournalEntry, toLines } from './entries.ts'
export { pathOf as websocketPath } from './gateway/websocket/address.ts'
export type { AccessReport, FunctionGrant, IamMode } from './iam/access.ts'
export type { Exercised } from './iam/recording.ts'
export type { Outcome } from './invocation.ts'
export type { Code } from './invoker.ts'
export { type Owner, readOwner } from './owner.ts'
export { type Mailbox, mailboxesOf, sendText } from './sending.ts'
export { ACCOUNT, LOCAL_CREDENTIALS, REGION } from './service.ts'
export { openSocket, RefusedError, type Socket, type SocketClosed, type SocketOptions } from './socket.ts'
export { readSpan } from './span.ts'
export { keepSpare } from './spare.ts'
export { openOwnCredentials } from './wall-credentials.ts'
export type { Remote } from './wall-remote.ts'

/** Starts an empty local cloud. Throws what `openState` and the ports throw. */
export const startCloud: typeof start = async (options) => (await import('./cloud.ts')).startCloud(options)

/** What a local cloud that does not run any more has noted. Throws what `openState` throws. */
export const readJournal: typeof readWhole = async (directory, query) =>
  (await import('./cloud.ts')).readJournal(directory, query)

/** What functions have done so far on a local cloud that does not run any more. Throws what `openState` throws. */
export const readExercised: typeof readDone = async (directory) => (await import('./cloud.ts')).readExercised(directory)
