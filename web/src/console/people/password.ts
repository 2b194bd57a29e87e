// First passwords: read out, copied by hand, typed once. No letters or digits that look alike.
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 4
const GROUP = 4

/** Four groups of four from 31 signs: 79 bits. */
export function passwordMake(): string {
  const groups: string[] = []
  for (let g = 0; g < GROUPS; g++) {
    let word = ''
    while (word.length < GROUP) {
      const byte = crypto.getRandomValues(new Uint8Array(1))[0] ?? 255
      // 248 = 8 * 31: above it some signs would come more often
      if (byte < 248) word += LETTERS[byte % LETTERS.length]
    }
    groups.push(word)
  }
  return groups.join('-')
}
