// @codegenie/serverless-express around it.
import adapter from '@codegenie/serverless-express'
import { make } from './express.mjs'

export const build = (extra) => (adapter.default ?? adapter)({ app: make(extra) })
