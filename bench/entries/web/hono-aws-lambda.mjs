// Hono's own adapter around it.
import { handle } from 'hono/aws-lambda'
import { make } from './hono.mjs'

export const build = (extra) => handle(make(extra))
