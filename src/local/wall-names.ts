// Which names are AWS's, and which service a name is for. Loaded in every sandbox, so it opens nothing.

// Every partition's suffixes. Source: partitions.json of the SDKs (dnsSuffix, dualStackDnsSuffix), and the names that
// function URLs and consoles live under.
const SUFFIXES = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'api.aws',
  'on.aws',
  'aws.dev',
  'aws.amazon.com',
  'amazonwebservices.com.cn',
  'amazonwebservices.eu',
  'awsapps.com',
  'c2s.ic.gov',
  'sc2s.sgov.gov',
  'api.aws.ic.gov',
  'api.aws.scloud',
  'cloud.adc-e.uk',
  'api.cloud-aws.adc-e.uk',
  'csp.hci.ic.gov',
  'api.aws.hci.ic.gov',
]

const suffixOf = (host: string): string | undefined =>
  SUFFIXES.find(
    (suffix) => host.endsWith(suffix) && (host.length === suffix.length || host.at(-suffix.length - 1) === '.'),
  )

/** A host name as it is compared: lower case, without the root's dot and a port. */
export const toName = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '')

/** Whether a host name is one of AWS's. */
export const isAwsName = (host: string): boolean => suffixOf(toName(host)) !== undefined

const REGION = /^[a-z]{2,4}(?:-[a-z]+){1,3}-\d$/
const WORDS = new Set(['dualstack', 'vpce', 'com', 'fips', 'global'])

/** The service that one of AWS's names is for, as its endpoint calls it (`s3`, `dynamodb`, `execute-api`); empty when it names none. */
export function serviceOfName(host: string): string {
  const name = toName(host)
  const suffix = suffixOf(name)
  if (suffix === undefined || name === suffix) return ''
  const labels = name.slice(0, -suffix.length - 1).split('.')
  // What stands before the service is the resource's own (a bucket, an API), what stands behind says where it is.
  const found = labels.findLast((label) => !REGION.test(label) && !WORDS.has(label)) ?? ''
  const plain = found.replace(/-fips$/, '').replace(/^fips-/, '')
  if (/^s3(?:-(?!control|outposts|object-lambda|tables)|express)/.test(plain)) return 's3'
  return ALSO[plain] ?? plain
}

// Older names of the same service. Source: the SDKs' endpoint rules.
const ALSO: Readonly<Record<string, string>> = { queue: 'sqs', ddb: 'dynamodb' }

/** The region in one of AWS's names, if it has one. */
export const regionOfName = (host: string): string | undefined =>
  toName(host)
    .replaceAll(/\bs3-(?=[a-z]{2}-)/g, 's3.')
    .split('.')
    .find((label) => REGION.test(label))
