// Sends files in pieces (tus 1.0), so that a cut connection goes on where it stopped. The page works without it.
const MB = 1024 * 1024
// A piece begins with 4 MB and doubles while the line is fast: each one costs the hub a commit to disk. What came in
// before a cut counts whatever its size.
const [LEAST, FIRST, MOST] = [MB, 4 * MB, 32 * MB]
const [QUICK, SLOW] = [1000, 8000]
const WAITS = [1, 2, 4, 8, 15, 30]
const STALE = 'pasó mucho tiempo. Recarga la página y elige el archivo otra vez'
const VERSION = { 'Tus-Resumable': '1.0.0' }

const form = document.querySelector('[data-mesa-uploads]')
if (form) {
  const list = form.querySelector('[data-mesa-progress]')
  const button = form.querySelector('button[type=submit]')
  const csrf = form.querySelector('[name=csrf_token]').value
  let going = 0
  let failed = 0

  for (const input of form.querySelectorAll('input[type=file]')) {
    input.addEventListener('change', () => {
      const files = [...input.files]
      if (!files.length) return
      list.hidden = false
      button.disabled = true
      going += files.length
      Promise.all(files.map((file) => carry(file, input.name))).then(() => { input.value = '' })
    })
  }

  window.addEventListener('beforeunload', (event) => { if (going) event.preventDefault() })

  async function carry (file, role) {
    const row = show(file.name)
    try {
      await send(file, role, row)
      row.say(`${file.name}: listo`)
    } catch (error) {
      failed += 1
      row.fail(`${file.name}: ${error.message}`)
    }
    going -= 1
    if (going) return
    button.disabled = false
    if (!failed) window.location.assign(form.dataset.mesaDone)
  }

  function show (name) {
    const row = document.createElement('div')
    row.className = 'mesa-upload'
    const words = document.createElement('p')
    const bar = document.createElement('progress')
    bar.max = 100
    bar.value = 0
    bar.setAttribute('aria-label', `Avance de ${name}`)
    row.append(words, bar)
    list.append(row)
    words.textContent = `${name}: empezando`
    return {
      say: (text) => { words.textContent = text },
      at: (part, whole) => { bar.value = Math.floor(part / whole * 100); words.textContent = `${name}: ${bar.value} %` },
      fail: (text) => { words.textContent = text; bar.remove(); row.classList.add('mesa-upload--failed') }
    }
  }

  // The same file chosen again after the browser was closed goes on with the upload it began.
  const keyOf = (file, role) => `mesa:${role}:${file.name}:${file.size}:${file.lastModified}`
  const kept = (key) => { try { return localStorage.getItem(key) } catch { return null } }
  const keep = (key, url) => { try { url ? localStorage.setItem(key, url) : localStorage.removeItem(key) } catch { /* private mode */ } }

  async function send (file, role, row) {
    const key = keyOf(file, role)
    let url = kept(key)
    let offset = url ? await ask(url, key) : null
    if (offset === null) {
      url = await begin(file, role)
      offset = 0
      keep(key, url)
    }
    for (let misses = 0, size = FIRST; ;) {
      row.at(offset, file.size)
      const began = performance.now()
      const answer = await piece(url, file, offset, size)
      size = sized(size, answer ? performance.now() - began : SLOW)
      if (answer && answer.status === 204) {
        const next = Number(answer.headers.get('Upload-Offset'))
        if (next > offset) misses = 0
        offset = next
        if (offset >= file.size) break
        continue
      }
      if (answer && (answer.status === 422 || answer.status === 413)) {
        keep(key, null)
        throw new Error(await answer.text())
      }
      if (answer && [400, 403, 404, 410].includes(answer.status)) {
        keep(key, null)
        throw new Error(STALE)
      }
      if (misses >= WAITS.length) throw new Error('no hay conexión. Elige el archivo otra vez y seguirá donde quedó')
      row.say(`${file.name}: se cortó la conexión; seguimos en un momento`)
      await new Promise((resolve) => setTimeout(resolve, WAITS[misses++] * 1000))
      offset = await ask(url, key) ?? offset
    }
    keep(key, null)
  }

  function sized (size, took) {
    if (took < QUICK) return Math.min(MOST, size * 2)
    return took < SLOW ? size : Math.max(LEAST, size / 2)
  }

  async function begin (file, role) {
    const text = (value) => btoa(String.fromCharCode(...new TextEncoder().encode(value)))
    const headers = {
      ...VERSION,
      'X-CSRFToken': csrf,
      'Upload-Length': String(file.size),
      'Upload-Metadata': `filename ${text(file.name)},role ${text(role)}`
    }
    const answer = await fetch(form.dataset.mesaUploads, { method: 'POST', headers }).catch(() => null)
    if (!answer) throw new Error('no hay conexión. Elige el archivo otra vez')
    if (answer.status !== 201) throw new Error([413, 422, 429].includes(answer.status) ? await answer.text() : STALE)
    return answer.headers.get('Location')
  }

  // How many bytes are there; null where nobody knows the upload any more. Once they are all there the file is looked
  // at, and this answer may be the one that says why it is not taken: it has no body.
  async function ask (url, key) {
    const answer = await fetch(url, { method: 'HEAD', headers: VERSION }).catch(() => null)
    if (answer && answer.status === 422) {
      keep(key, null)
      throw new Error(decodeURIComponent(answer.headers.get('Mesa-Why') || '') || STALE)
    }
    return answer && answer.ok ? Number(answer.headers.get('Upload-Offset')) : null
  }

  async function piece (url, file, offset, size) {
    const body = file.slice(offset, offset + size)
    const headers = {
      ...VERSION,
      'X-CSRFToken': csrf,
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Offset': String(offset)
    }
    const sum = await checksum(body)
    if (sum) headers['Upload-Checksum'] = `sha256 ${sum}`
    return fetch(url, { method: 'PATCH', headers, body }).catch(() => null)
  }

  async function checksum (body) {
    if (!window.crypto || !window.crypto.subtle) return ''
    const digest = await window.crypto.subtle.digest('SHA-256', await body.arrayBuffer())
    return btoa(String.fromCharCode(...new Uint8Array(digest)))
  }
}
