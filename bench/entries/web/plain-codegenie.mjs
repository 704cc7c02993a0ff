// @codegenie/serverless-express around it.
import adapter from '@codegenie/serverless-express'
import { make } from './plain.mjs'

export const build = (extra) => (adapter.default ?? adapter)({ app: make(extra) })
