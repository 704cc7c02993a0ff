// The errors of S3, worded as S3 words them: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
import { writeXml, type XmlNodes } from '../../../aws/protocol/xml.ts'
import type { WireResponse } from '../../service.ts'

const CATALOGUE = {
  AccessControlListNotSupported: [400, 'The bucket does not allow ACLs'],
  AccessDenied: [403, 'Access Denied'],
  AccessForbidden: [403, 'Access Forbidden'],
  AuthorizationHeaderMalformed: [
    400,
    'The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature.',
  ],
  AuthorizationQueryParametersError: [
    400,
    'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
  ],
  // Never told: S3 answers it without a body.
  NoPath: [400, 'Bad Request'],
  BadRequest: [400, 'An error occurred when parsing the HTTP request.'],
  BadDigest: [400, 'The Content-MD5 you specified did not match what we received.'],
  BucketAlreadyOwnedByYou: [409, 'Your previous request to create the named bucket succeeded and you already own it.'],
  BucketNotEmpty: [409, 'The bucket you tried to delete is not empty'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed size'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed size'],
  IllegalVersioningConfigurationException: [400, 'The Versioning element must be specified'],
  IncompleteBody: [400, 'The request body terminated unexpectedly'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidDigest: [400, 'The Content-MD5 you specified was invalid.'],
  InvalidLocationConstraint: [400, 'The specified location-constraint is not valid'],
  InvalidPart: [
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  ],
  InvalidPartNumber: [416, 'The requested partnumber is not satisfiable'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order. Parts must be ordered by part number.'],
  InvalidPolicyDocument: [
    400,
    'The content of the form does not meet the conditions specified in the policy document.',
  ],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidRequest: [400, 'Invalid Request'],
  InvalidTag: [400, 'The tag provided was not a valid tag.'],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  KeyTooLongError: [400, 'Your key is too long'],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not validate against our published schema'],
  MaxPostPreDataLengthExceededError: [400, 'Your POST request fields preceding the upload file were too large.'],
  MetadataTooLarge: [400, 'Your metadata headers exceed the maximum allowed metadata size'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  MalformedPOSTRequest: [400, 'The body of your POST request is not well-formed multipart/form-data.'],
  MalformedPolicy: [400, "Policies must be valid JSON and the first byte must be '{'"],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  NoSuchBucketPolicy: [404, 'The bucket policy does not exist'],
  NoSuchCORSConfiguration: [404, 'The CORS configuration does not exist'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchLifecycleConfiguration: [404, 'The lifecycle configuration does not exist'],
  NoSuchPublicAccessBlockConfiguration: [404, 'The public access block configuration was not found'],
  NoSuchTagSet: [404, 'The TagSet does not exist'],
  NoSuchUpload: [
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  ],
  NoSuchVersion: [404, 'The specified version does not exist.'],
  NoSuchWebsiteConfiguration: [404, 'The specified bucket does not have a website configuration'],
  NotImplemented: [501, 'A header you provided implies functionality that is not implemented'],
  NotModified: [304, 'Not Modified'],
  ObjectLockConfigurationNotFoundError: [404, 'Object Lock configuration does not exist for this bucket'],
  OwnershipControlsNotFoundError: [404, 'The bucket ownership controls were not found'],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold'],
  ReplicationConfigurationNotFoundError: [404, 'The replication configuration was not found'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
  XAmzContentSHA256Mismatch: [400, "The provided 'x-amz-content-sha256' header does not match what was computed."],
} as const satisfies Record<string, readonly [number, string]>

export type S3ErrorCode = keyof typeof CATALOGUE

/** An answer of S3 that is an error. `details` become elements beside Code and Message. */
export class S3Error extends Error {
  override readonly name = 'S3Error'
  readonly code: S3ErrorCode
  readonly details: Readonly<Record<string, string | number | undefined>>
  readonly headers: Readonly<Record<string, string>>

  constructor(code: S3ErrorCode, details: S3Error['details'] = {}, message?: string, headers: S3Error['headers'] = {}) {
    super(message ?? CATALOGUE[code][1])
    this.code = code
    this.details = details
    this.headers = headers
  }
}

/** The error of an argument, named as S3 names it. */
export function badArgument(name: string, value: string, message?: string): S3Error {
  return new S3Error('InvalidArgument', { ArgumentName: name, ArgumentValue: value }, message)
}

/** The error as it goes over the wire. HEAD, 304 and a path that leads nowhere have no body. */
export function toErrorResponse(error: S3Error, method: string, id: string, hostId: string): WireResponse {
  const status = CATALOGUE[error.code][0]
  if (method === 'HEAD' || status === 304 || error.code === 'NoPath') return { status, headers: { ...error.headers } }
  const details: XmlNodes = Object.entries(error.details).map(([name, value]) => [name, value])
  const body = writeXml('Error', [
    ['Code', error.code],
    ['Message', error.message],
    ...details,
    ['RequestId', id],
    ['HostId', hostId],
  ])
  return { status, headers: { 'content-type': 'application/xml', ...error.headers }, body }
}

/** The second id of a request, as long as S3's. */
export const toHostId = (id: string): string => Buffer.from(`goblet local cloud, request ${id}`).toString('base64')
