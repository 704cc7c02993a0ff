// The actions by their names on the wire.
import type { Action } from './action.ts'

export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([])
