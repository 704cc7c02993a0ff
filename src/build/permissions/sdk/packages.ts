// The exports of the SDK's packages.
import { ANYTHING, type Atom, just, native, text, UNDEFINED, type Values } from '../atoms.ts'
import { asClients, asCommands } from '../facts.ts'
import { askBy } from '../libraries/ask.ts'
import { argument, type Given, given, type Site } from '../machine.ts'
import { mapValues } from '../values.ts'
import { ask, makeClient, makeCommand, sendCommand } from './clients.ts'
import { credentialsOf } from './credentials.ts'
import { commandOf, documentOperation, isAggregated, serviceOf, waitedFor } from './names.ts'

/** What a package of the SDK exports under a name; undefined where it is none of these. */
export function sdkExport(specifier: string, name: string): Values | undefined {
  const service = serviceOf(specifier)
  if (service !== undefined) return whole(specifier, name, (one) => clientExport(service, one))
  if (specifier === '@aws-sdk/lib-dynamodb') return whole(specifier, name, documentExport)
  if (specifier === '@aws-sdk/lib-storage') return whole(specifier, name, storageExport)
  if (specifier === '@aws-sdk/s3-request-presigner') return whole(specifier, name, presignerExport)
  if (specifier === '@aws-sdk/s3-presigned-post') return whole(specifier, name, postExport)
  if (specifier === '@aws-sdk/util-dynamodb')
    return whole(specifier, name, () => just(native('util-dynamodb', { call: ({ list }) => list[0] ?? ANYTHING })))
  if (/^@(?:aws-sdk|smithy)\/credential-provider/.test(specifier)) return whole(specifier, name, credentialsOf)
  if (/^@(?:aws-sdk|smithy)\/(?!signature-v4)/.test(specifier)) return whole(specifier, name, () => quiet(specifier))
  return undefined
}

// A module with all its exports, or one of them.
function whole(specifier: string, name: string, member: (name: string | undefined) => Values): Values {
  if (name !== '*' && name !== 'default') return member(name)
  return just(native(`package:${specifier}`, { read: (one) => member(one) }))
}

// What takes and gives nothing that matters.
const quiet = (id: string): Values =>
  just(native(`quiet:${id}`, { call: () => ANYTHING, construct: () => ANYTHING, read: () => ANYTHING }))

function clientExport(service: string, name: string | undefined): Values {
  const id = `${service}.${name ?? '*'}`
  if (name === undefined) return just(native(id, { construct: (handed, site) => any(service, handed, site) }))
  const operation = commandOf(name)
  if (operation !== undefined)
    return just(native(id, { construct: (handed, site) => makeCommand(service, operation, argument(handed, 0), site) }))
  if (/Client$/.test(name) || isAggregated(name, service))
    return just(
      native(id, {
        construct: (handed, site) => makeClient({ service, flavour: 'plain', config: config(handed) }, site),
      }),
    )
  const paginated = /^paginate(.+)$/.exec(name)?.[1]
  if (paginated !== undefined) return helper(id, paginated, service)
  const waited = /^wait(?:Until|For)(.+)$/.exec(name)?.[1]
  if (waited !== undefined) return helper(id, waitedFor(waited, service), service)
  return quiet(id)
}

// `sdk[name]`, where any name may be meant.
function any(service: string, handed: Given, site: Site): Values {
  return makeCommand(service, undefined, argument(handed, 0), site)
}

const config = (handed: Given): Values => (handed.list.length === 0 ? UNDEFINED : argument(handed, 0))

// `paginateX({ client }, input)`, `waitUntilX({ client, maxWaitTime }, input)`
function helper(id: string, operation: string, service: string): Values {
  return just(
    native(id, {
      call: (handed, site) => {
        const { machine } = site
        const clients = asClients(machine.read(argument(handed, 0), ['client'], site), site.unit)
        const input = argument(handed, 1)
        if (clients.length === 0) {
          machine.facts.operation({ service, operation, input, client: undefined }, site)
          return ANYTHING
        }
        return clients.map((tag) => ask(tag, operation, given(input), site))[0] ?? ANYTHING
      },
    }),
  )
}

function documentExport(name: string | undefined): Values {
  const id = `lib-dynamodb.${name ?? '*'}`
  if (name === undefined) return just(native(id, { construct: (handed, site) => any('dynamodb', handed, site) }))
  if (name === 'DynamoDBDocumentClient' || name === 'DynamoDBDocument') {
    const wrap = (handed: Given, site: Site): Values => {
      const inner = asClients(argument(handed, 0), site.unit)
      const all = inner.map((tag) => tag.config.see(site.unit))
      const made = all.length === 0 ? [UNDEFINED] : all
      return (
        made.map((one) => makeClient({ service: 'dynamodb', flavour: 'document', config: one }, site))[0] ?? ANYTHING
      )
    }
    const from = just(native(`${id}.from`, { call: wrap }))
    return just(native(id, { construct: wrap, read: (member) => (member === 'from' ? from : ANYTHING) }))
  }
  const word = commandOf(name)
  if (word !== undefined) {
    const operation = documentOperation(word)
    return just(
      native(id, {
        construct: (handed, site) => makeCommand('dynamodb', operation ?? word, argument(handed, 0), site),
      }),
    )
  }
  const paginated = /^paginate(.+)$/.exec(name)?.[1]
  return paginated === undefined ? quiet(id) : helper(id, documentOperation(paginated) ?? paginated, 'dynamodb')
}

// Source: lib-storage's Upload: one PutObject when it is small, else an upload in parts, which it gives up when one fails.
const UPLOADS = ['PutObject', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'AbortMultipartUpload']

function storageExport(name: string | undefined): Values {
  const id = `lib-storage.${name ?? '*'}`
  if (name !== 'Upload') return quiet(id)
  const construct = (handed: Given, site: Site): Values => {
    const { machine } = site
    const options = argument(handed, 0)
    const clients = asClients(machine.read(options, ['client'], site), site.unit)
    const input = machine.read(options, ['params'], site)
    for (const operation of UPLOADS)
      for (const client of clients.length === 0 ? [undefined] : clients)
        machine.facts.operation({ service: 's3', operation, input, client }, site)
    return ANYTHING
  }
  return just(native(id, { construct }))
}

function presignerExport(name: string | undefined): Values {
  if (name !== 'getSignedUrl') return quiet(`presigner.${name ?? '*'}`)
  return just(
    native('presigner.getSignedUrl', {
      call: (handed, site) => {
        const clients = asClients(argument(handed, 0), site.unit)
        for (const command of asCommands(argument(handed, 1), site.unit))
          for (const client of clients.length === 0 ? [undefined] : clients) sendCommand(client, command, site)
        return ANYTHING
      },
    }),
  )
}

function postExport(name: string | undefined): Values {
  if (name !== 'createPresignedPost') return quiet(`post.${name ?? '*'}`)
  return just(
    native('post.createPresignedPost', {
      call: (handed, site) => {
        const given = argument(handed, 1)
        const Key = mapValues(site.machine.read(given, ['Key'], site), named)
        const fields = { Bucket: site.machine.read(given, ['Bucket'], site), Key }
        askBy('s3', 'PutObject', fields, argument(handed, 0), site)
        return ANYTHING
      },
    }),
  )
}

// S3 puts the name of the sender's file in the place of these letters.
const FILE = ['$', '{filename}'].join('')

function named(key: Atom): Values {
  if (key.kind !== 'known' || typeof key.value !== 'string') return just(key)
  return just(text(key.value.split(FILE).flatMap((part, index) => (index === 0 ? [part] : [undefined, part]))))
}
