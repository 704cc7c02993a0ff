import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

const s3 = new S3Client({});
const Bucket = 'big';

export const handler = async ({ Key, parts, VersionId }: { Key: string; parts: string[]; VersionId: string }) => {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  try {
    const Parts = await Promise.all(
      parts.map(async (Body, index) => {
        const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: index + 1, Body }));
        return { ETag, PartNumber: index + 1 };
      }),
    );
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  } catch (error) {
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    throw error;
  }
  await s3.send(new GetObjectCommand({ Bucket, Key, VersionId: VersionId }));
  await s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
  await s3.send(new ListObjectVersionsCommand({ Bucket }));
  return s3.send(new ListBucketsCommand({}));
};
