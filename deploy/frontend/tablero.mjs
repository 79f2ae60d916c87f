// An open dashboard hears that something changed and asks for itself again; what somebody is at work in stays.
const script = document.getElementById('mesa-vivo')
const AGAIN = 30000
let isStale = false // something changed while nobody looked

const isBusy = (part) => {
  const here = document.activeElement
  return (part.contains(here) && here.tagName !== 'SUMMARY') || part.querySelector('input:checked') !== null
}

// The same part as it is now, with what was unfolded left so.
function renew (part, newer) {
  for (const open of part.querySelectorAll('details[open][id]')) newer.querySelector(`#${open.id}`)?.setAttribute('open', '')
  if (newer.innerHTML === part.innerHTML) return
  const folder = part.contains(document.activeElement) ? document.activeElement.parentElement.id : ''
  part.replaceChildren(...newer.childNodes)
  if (folder) document.querySelector(`#${folder} > summary`)?.focus({ preventScroll: true })
}

async function refresh () {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
  if (!answer.ok || answer.redirected) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const part of document.querySelectorAll('[data-mesa-live]')) {
    const newer = fresh.getElementById(part.id)
    if (newer && !isBusy(part)) renew(part, newer)
  }
}

function changed () {
  isStale = document.hidden
  if (!isStale) refresh().catch(() => { /* the next event asks again */ })
}

function listen () {
  const stream = new EventSource(script.dataset.stream)
  stream.addEventListener('cambio', changed)
  stream.addEventListener('error', () => {
    if (stream.readyState !== EventSource.CLOSED) return
    setTimeout(listen, AGAIN) // no room now: other screens are listening
  })
  addEventListener('pagehide', () => stream.close())
}

if (script) {
  listen()
  document.addEventListener('visibilitychange', () => { if (isStale && !document.hidden) changed() })
}
