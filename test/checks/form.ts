// The form of a browser's upload to S3, signed with a policy that bounds its size.
import { createHmac } from 'node:crypto'
import { CREDENTIALS, REGION } from './check.ts'

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** The fields that a POST of at most `most` bytes has. */
export function postForm(bucket: string, key: string, most: number): Record<string, string> {
  const now = new Date()
  const date = `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const day = date.slice(0, 8)
  const fields = {
    key,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${CREDENTIALS.accessKeyId}/${day}/${REGION}/s3/aws4_request`,
    'x-amz-date': date,
  }
  const conditions = [{ bucket }, ...Object.entries(fields).map(([name, value]) => ({ [name]: value }))]
  const expiration = new Date(now.getTime() + 60_000).toISOString()
  const document = { expiration, conditions: [...conditions, ['content-length-range', 0, most]] }
  const policy = Buffer.from(JSON.stringify(document)).toString('base64')
  const scope = [day, REGION, 's3', 'aws4_request']
  const signing = scope.reduce<string | Buffer>(hmac, `AWS4${CREDENTIALS.secretAccessKey}`)
  return { ...fields, policy, 'x-amz-signature': hmac(signing, policy).toString('hex') }
}

export function sendForm(url: string, fields: Readonly<Record<string, string>>, text: string): Promise<Response> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  body.set('file', new Blob([text]), 'file.txt')
  return fetch(url, { method: 'POST', body })
}
