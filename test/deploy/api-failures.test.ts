// What API Gateway refuses while a stack is made, with the way out.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOf } from '../../src/deploy/apply/failures.ts'

const mendOf = (reason: string): string => {
  const failed = { stack: 'shop-dev', id: 'Path1', type: 'AWS::ApiGateway::Resource', status: 'CREATE_FAILED' }
  const happened = [{ ...failed, reason, time: 1 }]
  const { complaints } = failureOf('shop-dev', { status: 'UPDATE_ROLLBACK_COMPLETE', reason: '' }, happened)
  return complaints[0]?.mend ?? ''
}

test('two parameters at one place, and an issuer that cannot be read', () => {
  // As users report them: serverless/serverless#3785; "Troubleshooting issues with HTTP API JWT authorizers".
  const sibling = 'A sibling ({id}) of this resource already has a variable path part -- only one is allowed'
  assert.match(mendOf(sibling), /deploy once without the routes/)
  const issuer =
    "Caught exception when connecting to https://a.example/.well-known/openid-configuration for issuer https://a.example. Please try again later. Error: Invalid issuer: https://a.example. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'"
  assert.match(mendOf(issuer), /exactly as its tokens do/)
})
