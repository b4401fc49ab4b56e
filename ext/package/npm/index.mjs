import siyu from './index.js';

export const { getLoadablePath, load } = siyu;
export default siyu;
