// Access control lists where they are switched off, as in every bucket made since April 2023: the owner may do all, and that cannot be changed.
import { escapeXml } from '../../../aws/protocol/xml.ts'
import { ACCOUNT, type WireResponse } from '../../service.ts'
import type { Call } from './dispatch.ts'
import { child, readRoot } from './documents.ts'
import { S3Error } from './errors.ts'
import { receiveText } from './receive.ts'

const OWNER_ID = ACCOUNT.padStart(64, '0')
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'
const SCHEMA = 'http://www.w3.org/2001/XMLSchema-instance'

/** The list of a bucket or an object. Written by hand: the grantee's type is the one attribute S3 writes. */
export function answerAcl(headers: Readonly<Record<string, string>> = {}): WireResponse {
  const owner = `<ID>${escapeXml(OWNER_ID)}</ID><DisplayName>goblet</DisplayName>`
  const grantee = `<Grantee xmlns:xsi="${SCHEMA}" xsi:type="CanonicalUser">${owner}</Grantee>`
  const grant = `<Grant>${grantee}<Permission>FULL_CONTROL</Permission></Grant>`
  const list = `<Owner>${owner}</Owner><AccessControlList>${grant}</AccessControlList>`
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<AccessControlPolicy xmlns="${NAMESPACE}">${list}</AccessControlPolicy>`
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body }
}

/** Takes a list that says what is so anyway; throws AccessControlListNotSupported at any other. */
export async function takeAcl({ headers, request }: Call): Promise<void> {
  const canned = headers['x-amz-acl']
  const grants = Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'))
  if (grants || (canned !== undefined && canned !== 'private' && canned !== 'bucket-owner-full-control'))
    throw new S3Error('AccessControlListNotSupported')
  const text = headers['content-length'] === '0' ? '' : await receiveText(headers, request.body, 64 * 1024)
  if (text === '') {
    if (canned !== undefined) return
    throw new S3Error('InvalidRequest', {}, 'Your request was missing a required header')
  }
  const root = readRoot(text, 'AccessControlPolicy')
  for (const grant of root.children.find(({ name }) => name === 'AccessControlList')?.children ?? []) {
    const grantee = grant.children.find(({ name }) => name === 'Grantee')
    const id = grantee === undefined ? undefined : child(grantee, 'ID')
    if (id !== OWNER_ID || child(grant, 'Permission') !== 'FULL_CONTROL')
      throw new S3Error('AccessControlListNotSupported')
  }
}
