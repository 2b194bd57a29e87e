/* Words of the staff face. */
export default {
  console: {
    title: '单元工作台',
  },
} as const;
