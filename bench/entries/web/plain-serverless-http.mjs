// serverless-http around it.
import serverless from 'serverless-http'
import { make } from './plain.mjs'

export const build = (extra) => serverless(make(extra))
