// The SHA-256 of a file, piece by piece, so that a big one fits; without a secure context too. FIPS 180-4.
const K = new Uint32Array(64)
const FIRST = new Uint32Array(8)

// The constants are the first 32 bits of the fractional parts of the cube and square roots of the first primes.
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) >>> 0
for (let n = 2, found = 0; found < 64; n++) {
  let isPrime = true
  for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false
  if (!isPrime) continue
  if (found < 8) FIRST[found] = fraction(Math.sqrt(n))
  K[found++] = fraction(Math.cbrt(n))
}

const turn = (x, by) => (x >>> by) | (x << (32 - by))

class Sha256 {
  constructor () {
    this.state = Uint32Array.from(FIRST)
    this.block = new Uint8Array(64)
    this.held = 0
    this.length = 0
    this.words = new Uint32Array(64)
  }

  update (bytes) {
    this.length += bytes.length
    let at = 0
    while (at < bytes.length) {
      const take = Math.min(64 - this.held, bytes.length - at)
      this.block.set(bytes.subarray(at, at + take), this.held)
      this.held += take
      at += take
      if (this.held === 64) this.#mix()
    }
  }

  hex () {
    const bits = this.length * 8
    this.update(Uint8Array.of(0x80))
    while (this.held !== 56) this.update(Uint8Array.of(0))
    const tail = new DataView(new ArrayBuffer(8))
    tail.setUint32(0, Math.floor(bits / 2 ** 32))
    tail.setUint32(4, bits >>> 0)
    this.update(new Uint8Array(tail.buffer))
    return Array.from(this.state, (word) => word.toString(16).padStart(8, '0')).join('')
  }

  #mix () {
    const w = this.words
    const view = new DataView(this.block.buffer)
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(i * 4)
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15]
      const b = w[i - 2]
      w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))
    }
    let [a, b, c, d, e, f, g, h] = this.state
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0
    }
    const mixed = [a, b, c, d, e, f, g, h]
    for (let i = 0; i < 8; i++) this.state[i] += mixed[i]
    this.held = 0
  }
}

export async function digestOf (file) {
  const sum = new Sha256()
  for (let at = 0; at < file.size; at += 4194304) {
    sum.update(new Uint8Array(await file.slice(at, at + 4194304).arrayBuffer()))
  }
  return sum.hex()
}

// A form that asks for a file only to know its digest sends the digest: the file stays here.
for (const form of document.querySelectorAll('form[data-mesa-digest]')) {
  const file = form.querySelector('input[type=file]')
  const typed = form.querySelector('input[type=text]')
  form.addEventListener('submit', async (event) => {
    if (!file.files.length) return
    event.preventDefault()
    form.querySelector('[data-mesa-digest-status]').textContent = form.dataset.mesaDigest
    typed.value = await digestOf(file.files[0])
    file.disabled = true
    form.submit()
  })
}
