// Libraries that make calls of AWS by themselves, and are known.
import { just, native, type Values } from '../atoms.ts'
import { dynamoose } from './dynamoose.ts'
import { electrodb } from './electrodb.ts'
import { environmentVariables } from './env-var.ts'
import { middy } from './middy.ts'
import { idempotency, parameters } from './powertools.ts'
import { toolbox } from './toolbox.ts'

const LIBRARIES: readonly (readonly [RegExp, (name: string) => Values])[] = [
  [/^electrodb$/, electrodb],
  [/^dynamodb-toolbox(?:\/|$)/, toolbox],
  [/^dynamoose$/, dynamoose],
  [/^env-var$/, environmentVariables],
  [/^@middy\/ssm$/, middy('ssm')],
  [/^@middy\/secrets-manager$/, middy('secrets-manager')],
  [/^@aws-lambda-powertools\/parameters(?:\/|$)/, parameters],
  [/^@aws-lambda-powertools\/idempotency(?:\/|$)/, idempotency],
]

/** What a library that is known exports; undefined where it is none of them. */
export function libraryExport(specifier: string, name: string): Values | undefined {
  const found = LIBRARIES.find(([pattern]) => pattern.test(specifier))?.[1]
  if (found === undefined) return undefined
  if (name !== '*') return found(name)
  return just(native(`library:${specifier}`, { read: (one) => found(one ?? '*') }))
}
