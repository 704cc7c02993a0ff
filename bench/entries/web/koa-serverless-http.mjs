// serverless-http around it.
import serverless from 'serverless-http'
import { make } from './koa.mjs'

export const build = (extra) => serverless(make(extra))
