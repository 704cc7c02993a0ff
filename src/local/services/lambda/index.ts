// Lambda's own API on the app's functions: invoking them, reading them, and saying what becomes of events nobody waits for.
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { Service, WireRequest, WireResponse } from '../../service.ts'
import type { Operation } from './call.ts'
import {
  deleteEventInvoke,
  eventInvokeOf,
  getEventInvoke,
  listEventInvoke,
  putEventInvoke,
  updateEventInvoke,
} from './event-invoke.ts'
import {
  getAccountSettings,
  getAlias,
  getCodeSigning,
  getConcurrency,
  getConfiguration,
  getFunction,
  getPolicy,
  getRecursion,
  getRuntimeManagement,
  getUrl,
  listAliases,
  listFunctions,
  listTags,
  listUrls,
  listVersions,
} from './functions.ts'
import type { AsynchronousFacts, LambdaGround } from './ground.ts'
import { invoke, invokeStreamed } from './invoke.ts'
import { changeMapping, getMapping, listMappings } from './mappings.ts'
import { LambdaError, notImplemented, toRefusal } from './problems.ts'

export type {
  AsynchronousFacts,
  LambdaFunctionFacts,
  LambdaGround,
  LambdaMappingFacts,
  LambdaOutcome,
} from './ground.ts'

export interface Lambda extends Service {
  /** What holds for a function's events that nobody waits for; undefined: nobody has said anything. */
  asynchronous(physicalName: string): AsynchronousFacts | undefined
}

/** Opens the service. */
export function openLambda(ground: LambdaGround): Lambda {
  const since = ground.clock.now()
  return {
    handle: (request) => handle(request, ground, since),
    asynchronous: (name) => {
      const found = ground.functions().find(({ physicalName }) => physicalName === name)
      return found === undefined ? undefined : eventInvokeOf(ground.store, found)
    },
  }
}

const F = '2015-03-31/functions'
// `*` is a part of the path that the operation is told. The versions are the days on which AWS made the operations.
const OPERATIONS: readonly (readonly [string, Operation])[] = [
  [`POST ${F}/*/invocations`, invoke],
  ['POST 2021-11-15/functions/*/response-streaming-invocations', invokeStreamed],
  [`GET ${F}`, listFunctions],
  [`GET ${F}/*`, getFunction],
  [`GET ${F}/*/configuration`, getConfiguration],
  [`GET ${F}/*/versions`, listVersions],
  [`GET ${F}/*/aliases`, listAliases],
  [`GET ${F}/*/aliases/*`, getAlias],
  [`GET ${F}/*/policy`, getPolicy],
  ['GET 2019-09-30/functions/*/concurrency', getConcurrency],
  ['GET 2020-06-30/functions/*/code-signing-config', getCodeSigning],
  ['GET 2021-07-20/functions/*/runtime-management-config', getRuntimeManagement],
  ['GET 2024-08-31/functions/*/recursion-config', getRecursion],
  ['GET 2016-08-19/account-settings', getAccountSettings],
  ['GET 2021-10-31/functions/*/url', getUrl],
  ['GET 2021-10-31/functions/*/urls', listUrls],
  ['GET 2017-03-31/tags/*', listTags],
  ['GET 2019-09-25/functions/*/event-invoke-config', getEventInvoke],
  ['PUT 2019-09-25/functions/*/event-invoke-config', putEventInvoke],
  ['POST 2019-09-25/functions/*/event-invoke-config', updateEventInvoke],
  ['DELETE 2019-09-25/functions/*/event-invoke-config', deleteEventInvoke],
  ['GET 2019-09-25/functions/*/event-invoke-config/*', listEventInvoke],
  ['GET 2015-03-31/event-source-mappings', listMappings],
  ['POST 2015-03-31/event-source-mappings', changeMapping],
  ['GET 2015-03-31/event-source-mappings/*', getMapping],
  ['PUT 2015-03-31/event-source-mappings/*', changeMapping],
  ['DELETE 2015-03-31/event-source-mappings/*', changeMapping],
]
const TABLE = new Map(OPERATIONS)

async function handle(request: WireRequest, ground: LambdaGround, since: number): Promise<WireResponse> {
  try {
    const { operation, parts } = find(request)
    return await operation({ request, ground, parts, since, query: new URLSearchParams(request.query) })
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    return toRefusal(problem, request.id)
  }
}

function find({ method, path }: WireRequest): { operation: Operation; parts: readonly string[] } {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
  // Every second part names something, from the third on.
  const pattern = parts.map((part, index) => (index >= 2 && index % 2 === 0 ? '*' : part)).join('/')
  const operation = TABLE.get(`${method} ${pattern}`)
  if (operation === undefined)
    throw notImplemented(
      `${method} ${path} is not implemented by the local cloud. The app's functions are what its code says: save it to change them.`,
    )
  return { operation, parts: parts.filter((_, index) => index >= 2 && index % 2 === 0) }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new LambdaError(400, 'InvalidParameterValueException', `The path ${part} is not percent-encoded.`)
  }
}
