// @fastify/aws-lambda around it.
import adapter from '@fastify/aws-lambda'
import { make } from './fastify.mjs'

export async function build(extra) {
  const app = make(extra)
  const handler = (adapter.default ?? adapter)(app)
  await app.ready()
  return handler
}
