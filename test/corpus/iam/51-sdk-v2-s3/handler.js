const AWS = require('aws-sdk');

const s3 = new AWS.S3({ apiVersion: '2006-03-01' });
const sqs = new AWS.SQS();

exports.handler = async (event) => {
  const { Body } = await s3.getObject({ Bucket: 'legacy', Key: event.key }).promise();
  await sqs.sendMessage({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/legacy', MessageBody: Body.toString() }).promise();
};
