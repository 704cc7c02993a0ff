const log = require('./log.cjs');

exports.handler = async function (event) {
  log(event);
  await log.ship(event);
  if (event.heavy) {
    const { heavy } = require('./heavy.cjs');
    await heavy(event);
  }
};
