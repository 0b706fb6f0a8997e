/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-device-text.h"

#include <glib/gi18n.h>

#include "bed-devices-error.h"

#define N_CODES (BED_DEVICES_ERROR_FAILED + 1)

static const char *const texts[BED_N_MEDIA_DEVICE_KINDS][N_CODES] = {
  [BED_MEDIA_DEVICE_VIDEO_INPUT] = {
    [BED_DEVICES_ERROR_NOT_GRANTED] = N_("The camera stays off until you turn it on."),
    [BED_DEVICES_ERROR_NO_SERVER] = N_("This computer’s sound and video service does not run. The "
                                       "call works without a picture; restart the computer to get "
                                       "it back."),
    [BED_DEVICES_ERROR_NO_DEVICE] = N_("No camera was found. Plug one in; the call works without "
                                       "it."),
    [BED_DEVICES_ERROR_DENIED] = N_("This computer does not let Bedside use the camera. Allow it "
                                    "in Settings, Privacy, Camera."),
    [BED_DEVICES_ERROR_UNPLUGGED] = N_("The camera was unplugged. The call goes on without it; "
                                       "plug it in and turn it on again."),
    [BED_DEVICES_ERROR_FORMAT] = N_("This camera gives no picture that can be used. Choose "
                                    "another one."),
    [BED_DEVICES_ERROR_FAILED] = N_("The camera did not start. Close other programs that use it, "
                                    "then turn it on again."),
  },
  [BED_MEDIA_DEVICE_AUDIO_INPUT] = {
    [BED_DEVICES_ERROR_NOT_GRANTED] = N_("The microphone stays off until you turn it on."),
    [BED_DEVICES_ERROR_NO_SERVER] = N_("This computer’s sound and video service does not run. "
                                       "Write in the chat, and restart the computer to get it "
                                       "back."),
    [BED_DEVICES_ERROR_NO_DEVICE] = N_("No microphone was found. Plug one in or write in the "
                                       "chat."),
    [BED_DEVICES_ERROR_DENIED] = N_("This computer does not let Bedside use the microphone. Allow "
                                    "it in Settings, Privacy, Microphone."),
    [BED_DEVICES_ERROR_UNPLUGGED] = N_("The microphone was unplugged. Plug it in and turn it on "
                                       "again, or write in the chat."),
    [BED_DEVICES_ERROR_FORMAT] = N_("This microphone gives no sound that can be used. Choose "
                                    "another one."),
    [BED_DEVICES_ERROR_FAILED] = N_("The microphone did not start. Close other programs that use "
                                    "it, then turn it on again."),
  },
  [BED_MEDIA_DEVICE_AUDIO_OUTPUT] = {
    [BED_DEVICES_ERROR_NOT_GRANTED] = N_("The speaker did not start. Choose another one, or use "
                                         "headphones."),
    [BED_DEVICES_ERROR_NO_SERVER] = N_("This computer’s sound and video service does not run, so "
                                       "nothing can be heard. Restart the computer to get it "
                                       "back."),
    [BED_DEVICES_ERROR_NO_DEVICE] = N_("No speaker was found. Plug in headphones."),
    [BED_DEVICES_ERROR_DENIED] = N_("This computer does not let Bedside play sound. Allow it in "
                                    "Settings, Sound."),
    [BED_DEVICES_ERROR_UNPLUGGED] = N_("The speaker or headphones were unplugged. Plug them in "
                                       "again."),
    [BED_DEVICES_ERROR_FORMAT] = N_("This speaker cannot be used. Choose another one."),
    [BED_DEVICES_ERROR_FAILED] = N_("The speaker did not start. Choose another one, or use "
                                    "headphones."),
  },
};

const char *
bed_device_text (BedMediaDeviceKind kind, const GError *error)
{
  int code = error != NULL && error->domain == BED_DEVICES_ERROR && error->code >= 0
                     && error->code < N_CODES
                 ? error->code
                 : BED_DEVICES_ERROR_FAILED;

  return _(texts[kind][code]);
}
