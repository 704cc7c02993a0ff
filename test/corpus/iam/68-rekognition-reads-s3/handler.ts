import { DetectLabelsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';

const rekognition = new RekognitionClient({});

export const handler = async ({ key }: { key: string }) => {
  const { Labels = [] } = await rekognition.send(
    new DetectLabelsCommand({ Image: { S3Object: { Bucket: process.env.MEDIA, Name: key } }, MaxLabels: 10 }),
  );
  return Labels.map(({ Name }) => Name);
};
