// The door of deploy: what is to be on AWS, how it gets there, and how it leaves.
export { type Clients, openClients } from './clients.ts'
export { type Invocation, invokeFunction } from './invoke.ts'
export { openLogReader, readLogs } from './logs.ts'
export { toComplaint, worded } from './refused.ts'
