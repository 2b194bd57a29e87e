// A door as people say and write it: 3-1-501, 3幢1单元501, 3号楼一单元501室, 三栋501. The same forms as
// src/domain/address.c, which has the last word.
export interface DoorText {
  building: string
  stair: string
  door: string
}

const DIGITS = '〇一二三四五六七八九'
const NUMBER = '[0-9０-９〇一二三四五六七八九十]{1,6}'
const FORM = new RegExp(
  `^(${NUMBER})\\s*(?:号楼|幢|栋|楼|-|－|#)\\s*(${NUMBER})(?:\\s*(?:单元|门|梯|-|－)\\s*(${NUMBER}))?\\s*(?:室|户|号)?$`,
)

/** 501, ５０１, 五〇一, 十二, 二十三 -> ASCII digits without leading zeros. */
export function numberOf(text: string): string {
  let value = 0
  let unit = 0
  let hasTen = false
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0
    let d: number
    if (c >= '0' && c <= '9') d = code - 0x30
    else if (code >= 0xff10 && code <= 0xff19) d = code - 0xff10
    else if (c === '十') d = 10
    else d = DIGITS.indexOf(c)
    if (d === 10) {
      value = (unit === 0 ? 1 : unit) * 10
      unit = 0
      hasTen = true
    } else {
      unit = hasTen ? d : unit * 10 + d
    }
  }
  return String(value + unit)
}

export function doorRead(text: string): DoorText | null {
  const m = FORM.exec(text.trim())
  if (!m) return null
  const [, building = '', second = '', third] = m
  if (third === undefined) return { building: numberOf(building), stair: '', door: numberOf(second) }
  return { building: numberOf(building), stair: numberOf(second), door: numberOf(third) }
}
