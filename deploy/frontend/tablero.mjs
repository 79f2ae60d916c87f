// An open dashboard hears that something changed and asks for itself again; what somebody is at work in stays.
const script = document.getElementById('mesa-vivo')
const AGAIN = 30000

const isBusy = (part) =>
  part.contains(document.activeElement) || part.querySelector('input:checked, details[open]') !== null

async function refresh () {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
  if (!answer.ok || answer.redirected) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const part of document.querySelectorAll('[data-mesa-live]')) {
    const newer = fresh.getElementById(part.id)
    if (newer && !isBusy(part) && newer.innerHTML !== part.innerHTML) part.replaceChildren(...newer.childNodes)
  }
}

function listen () {
  const stream = new EventSource(script.dataset.stream)
  stream.addEventListener('cambio', () => { if (!document.hidden) refresh().catch(() => { /* the next event asks again */ }) })
  stream.addEventListener('error', () => {
    if (stream.readyState !== EventSource.CLOSED) return
    setTimeout(listen, AGAIN) // no room now: other screens are listening
  })
  addEventListener('pagehide', () => stream.close())
}

if (script) listen()
