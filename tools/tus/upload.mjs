// Uploads one photo by the tus protocol with a client that is not ours, as a
// web page or a phone would, and prints what became of it as JSON.
//
//   node upload.mjs ENDPOINT FILE STATE [STOP]
//
// The token is read from SKAITYKLA_TOKEN. STATE is a file in which the client
// remembers uploads that it did not end; another run goes on with them. With
// STOP the client ends by itself after that many bytes.
import fs from 'node:fs'
import process from 'node:process'
import * as tus from 'tus-js-client'

const [endpoint, file, state, stop] = process.argv.slice(2)
const seen = { errors: 0, from: 0 }

const upload = new tus.Upload(fs.createReadStream(file), {
  endpoint,
  headers: { Authorization: `Bearer ${process.env.SKAITYKLA_TOKEN}` },
  metadata: {
    filename: 'traukinys.jpg',
    filetype: 'image/jpeg',
    credit: 'Ona Onaitė',
    languageCode: 'lt',
    alt: 'Traukinys stotyje',
  },
  uploadSize: fs.statSync(file).size,
  retryDelays: [0, 20, 50, 100, 200, 500, 1000, 2000],
  urlStorage: new tus.FileUrlStorage(state),
  storeFingerprintForResuming: true,
  fingerprint: async () => 'the only file',
  onShouldRetry: (error) => {
    seen.errors++
    const status = error.originalResponse?.getStatus() ?? 0
    return status < 400 || status === 409 || status >= 500
  },
  chunkSize: stop ? Math.ceil(Number(stop) / 2) : Infinity,
  onChunkComplete: (_size, accepted) => {
    if (stop && accepted >= Number(stop)) {
      end({ stopped: accepted })
    }
  },
  onError: (error) => end({ error: String(error), body: error.originalResponse?.getBody() }, 1),
  onSuccess: ({ lastResponse }) =>
    end({ url: upload.url, photo: lastResponse.getHeader('Skaitykla-Photo'), ...seen }),
})

function end(result, code = 0) {
  console.log(JSON.stringify(result))
  process.exit(code)
}

const before = await upload.findPreviousUploads()
if (before.length > 0) {
  seen.resumed = before[0].uploadUrl
  upload.resumeFromPreviousUpload(before[0])
}
upload.start()
