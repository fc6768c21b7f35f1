/** The part of `upng-js` that the tests use; it comes without types. */
declare module "upng-js" {
  interface Image {
    width: number;
    height: number;
  }
  const UPNG: {
    decode: (bytes: ArrayBuffer) => Image;
    toRGBA8: (image: Image) => ArrayBuffer[];
    encode: (pixels: ArrayBuffer[], width: number, height: number, colors: number) => ArrayBuffer;
  };
  export default UPNG;
}
