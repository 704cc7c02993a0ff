var aws = require('@aws-sdk/client-s3');

function Storage(bucket) {
  this.bucket = bucket;
  this.client = new aws.S3Client({});
}

Storage.prototype.fetch = function (key, done) {
  this.client
    .send(new aws.GetObjectCommand({ Bucket: this.bucket, Key: key }))
    .then(function (result) {
      return result.Body.transformToString();
    })
    .then(done.bind(null, null), done);
};

Storage.prototype.store = function (key, body, done) {
  this.client.send(new aws.PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body }), done);
};

Storage.prototype.remove = function (key, done) {
  this.client.send(new aws.DeleteObjectCommand({ Bucket: this.bucket, Key: key }), done);
};

module.exports = Storage;
