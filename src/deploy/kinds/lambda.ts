// Functions that are called by name: nothing joins them to anything.
import type { Part } from '../template.ts'

export const lambda = (): Part => ({})
