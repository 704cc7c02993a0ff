var Storage = require('./storage');

var storage = new Storage(process.env.BUCKET);

exports.handler = function (event, context, callback) {
  storage.fetch(event.key, function (error, text) {
    if (error) return callback(error);
    storage.store(event.key, text.toUpperCase(), callback);
  });
};
