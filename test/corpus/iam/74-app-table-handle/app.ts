import { app } from 'goblet'

export default app('chat')
export * from './tables.ts'
export * from './functions.ts'
