// Writes with the public clients of InfluxDB: node push.js ADDRESS SECRET. Prints a JSON array of what happened, in order.
const { InfluxDB, Point } = require('@influxdata/influxdb-client')
const { InfluxDB: OldInfluxDB } = require('influx')
const [address, secret] = process.argv.slice(2)
const second = 1794698100
const told = []
const tell = (what, run) => run().then(() => told.push(what + ' ok'), fault => told.push(`${what} ${fault.statusCode ?? fault.res?.statusCode}`))
console.error = () => {}

async function writeNew(token, precision, metric, region, timestamp, gzipThreshold) {
  const api = new InfluxDB({ url: address, token }).getWriteApi('any', 'any', precision, { maxRetries: 0, gzipThreshold })
  api.writePoint(new Point(metric).tag('region', region).tag('host', 'a b,c=d').intField('value', 7).timestamp(timestamp))
  await api.close()
}

async function run() {
  for (const [precision, digits] of [['ns', 9], ['us', 6], ['ms', 3], ['s', 0]])
    await tell('v2 ' + precision, () => writeNew(secret, precision, 'page_views', 'new ' + precision, second + '0'.repeat(digits), precision === 's' ? 0 : 1000))
  await tell('v2 wrong token', () => writeNew('wrong', 's', 'page_views', 'x', second))
  await tell('v2 computed metric', () => writeNew(secret, 's', 'mrr', 'x', second))
  await tell('v2 unknown metric', () => writeNew(secret, 's', 'nobody', 'x', second))

  const at = new URL(address)
  const old = password => new OldInfluxDB({ host: at.hostname, port: Number(at.port), database: 'any', username: 'any', password })
  await tell('v1 createDatabase', () => old(secret).createDatabase('any'))
  for (const [precision, timestamp] of [['n', second + '000000000'], ['u', second * 1e6], ['ms', second * 1e3], ['s', second], ['m', second / 60], ['h', Math.floor(second / 3600)]]) {
    await tell('v1 ' + precision, () => old(secret).writePoints(
      [{ measurement: 'page_views', tags: { region: 'old ' + precision }, fields: { value: 8.5 }, timestamp }], { precision }))
  }
  await tell('v1 wrong token', () => old('wrong').writePoints([{ measurement: 'page_views', fields: { value: 1 } }]))
  await tell('v1 computed metric', () => old(secret).writePoints([{ measurement: 'mrr', fields: { value: 1 } }]))
  await tell('v1 query', () => old(secret).query('select 1'))
}

run().then(() => process.stdout.write(JSON.stringify(told)))
