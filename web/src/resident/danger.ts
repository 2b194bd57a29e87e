/* Words that mean: phone first. Only a hint while typing; what is urgent the server decides (src/domain/category.c). */

const WORDS: readonly (readonly ['120' | '110' | '119', RegExp])[] = [
  ['119', /着火|起火|火灾|煤气泄漏|燃气泄漏|漏气|被困|困在电梯|\b(fire|trapped|gas leak)\b/i],
  ['110', /打人|家暴|持刀|抢劫|\b(violence|knife|robbed)\b/i],
  ['120', /救命|昏迷|晕倒|不省人事|胸痛|大出血|抽搐|呼吸困难|没呼吸|窒息|自杀|不想活|跳楼|割腕|\b(unconscious|chest pain|bleeding|suicide)\b/i],
];

export type Emergency = '120' | '110' | '119';

export function emergencyOf(text: string): Emergency | null {
  for (const [phone, words] of WORDS) {
    if (words.test(text)) return phone;
  }
  return null;
}
